"""The operational database: people, groups, sessions, reminders, the outbox."""
