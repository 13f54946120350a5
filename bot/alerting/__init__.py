"""What is worth telling to the channels that asked: alerts, raised in the transaction that archives what they tell of."""
