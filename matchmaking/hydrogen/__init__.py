"""The hydrogen corridor: stations and bases, fleet batches, the balance by place and month, rounds of offers."""
