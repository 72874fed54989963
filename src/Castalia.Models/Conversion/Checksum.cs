namespace Castalia.Conversion;

/// <summary>Tells one sequence of values from another: FNV-1a over the bits of float32 values, 32 bits at a step.</summary>
struct Checksum()
{
    ulong _sum = 0xCBF29CE484222325;

    /// <summary>Takes further values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        ulong sum = _sum;
        foreach (float value in values) sum = (sum ^ BitConverter.SingleToUInt32Bits(value)) * 0x100000001B3;
        _sum = sum;
    }

    /// <summary>What it comes to.</summary>
    public readonly ulong Value => _sum;
}
