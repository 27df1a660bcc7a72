"""The methods that are shipped."""
