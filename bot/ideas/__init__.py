"""What an office's groups have kept for it, found by its words."""
