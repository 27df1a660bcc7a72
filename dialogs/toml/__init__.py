"""Definition files: read with every fault named, by its line."""
