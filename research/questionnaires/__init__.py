"""Questionnaires once they are closed: exported, paired, analysed and reported."""
