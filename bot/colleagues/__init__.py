"""Five minutes from one's own chat: colleagues are chosen there, and asked in theirs."""
