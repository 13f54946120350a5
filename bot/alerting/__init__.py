"""What is worth telling to whom: alerts, raised in the transaction that archives what they tell of."""
