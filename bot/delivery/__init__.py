"""What leaves without being waited for: the outbox, its clock, cards kept up to date."""
