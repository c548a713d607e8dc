"""What a document says of itself and of others, extracted for the questions to come."""
