"""What people type to narrow a question: periods, folders and lists."""
