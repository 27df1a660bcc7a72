"""The open queue of a standing panel: cases are brought from one's own chat, and have a place."""
