"""Published instruments read from a researcher's file: safely, and with every fault named.

    document = yaml_file.load(name, data)    # or csv_file.load: plain data, with lines
    understood = reader.read(document)       # a questionnaire, guide, assessment or script

docs/research.md describes the files for researchers.
"""
