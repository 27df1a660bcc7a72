"""What operators set and see: settings, logs, metrics, health, the clock."""
