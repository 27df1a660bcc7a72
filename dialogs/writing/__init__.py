"""What people write: normalised, understood, checked, and kept."""
