throw new InvalidOperationException("The tests were not laid beside their host.");
