namespace Castalia.Fuzzing.Mutation;

/// <summary>Chance that follows from a seed and a case's number alone: SplitMix64.</summary>
sealed class Dice(ulong seed, ulong number)
{
    const ulong Step = 0x9E3779B97F4A7C15;

    ulong _state = Mixed(seed ^ Mixed(number + Step));

    public ulong Next() => Mixed(_state += Step);

    /// <summary>0 to n − 1.</summary>
    public int Below(int n) => (int)Math.BigMul(Next(), (ulong)n, out _);

    public bool OneIn(int n) => Below(n) == 0;

    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>1, or with half the chance 2, with half of that 3, and so on.</summary>
    public int Few(int most)
    {
        int count = 1;
        while (count < most && OneIn(2)) count++;
        return count;
    }

    static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
