namespace Castalia.Attribution;

/// <summary>Means of A_p over the last positions of all prompts, of every unit of one block.</summary>
/// <param name="Block">Block, from 0.</param>
/// <param name="Heads">By head.</param>
/// <param name="Neurons">By neuron.</param>
public sealed record UnitMeans(int Block, IReadOnlyList<double> Heads, IReadOnlyList<double> Neurons);

/// <summary>Their sums while prompts pass, in the order of the prompts.</summary>
sealed class UnitSums(int block, int heads, int neurons)
{
    readonly double[] _heads = new double[heads], _neurons = new double[neurons];
    int _prompts;

    public void Add(IReadOnlyList<double> heads, ReadOnlySpan<double> neurons)
    {
        for (int i = 0; i < _heads.Length; i++) _heads[i] += heads[i];
        for (int i = 0; i < _neurons.Length; i++) _neurons[i] += neurons[i];
        _prompts++;
    }

    public UnitMeans Means => new(block, [.. _heads.Select(sum => sum / _prompts)], [.. _neurons.Select(sum => sum / _prompts)]);
}
