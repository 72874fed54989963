namespace Castalia.Interventions;

/// <summary>Whole numbers drawn by SplitMix64: the same on every machine and in every version.</summary>
sealed class SeededDraw(ulong seed, ulong stream)
{
    ulong _state = Mix(seed) ^ Mix(~stream);

    /// <summary>A number from 0 to below a bound, all equally likely.</summary>
    public int Below(int bound)
    {
        ulong range = (ulong)bound, most = ulong.MaxValue - ulong.MaxValue % range;
        while (true)
        {
            ulong drawn = Mix(_state += 0x9E3779B97F4A7C15);
            if (drawn < most) return (int)(drawn % range);
        }
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
