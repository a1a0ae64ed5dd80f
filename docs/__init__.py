"""Documentation, and the script that writes the command reference."""
