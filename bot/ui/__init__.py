"""What every card is made of: elements, what fits, texts, time zones."""
