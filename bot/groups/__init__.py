"""Groups of colleagues: planned, signed up for, looked after."""
