"""The urn: drafts and sealed answers, with nothing that says whose they are."""
