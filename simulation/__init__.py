"""A small Teams on this machine, and people who use the bot through it."""
