"""What whoever runs the bot can see of it: metrics, health, logs."""
