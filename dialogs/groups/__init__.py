"""Groups: planning, sign-up, reminders, appointments, working hours."""
