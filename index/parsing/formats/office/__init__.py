"""What Word, PowerPoint and Excel files share."""
