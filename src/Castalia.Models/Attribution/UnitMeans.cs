using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>Means over the last positions of all prompts, of every unit of one block; the same bits in whatever order the prompts come.</summary>
sealed record UnitMeans
{
    /// <summary>Block, from 0.</summary>
    public required int Block { get; init; }

    /// <summary>A_p of each head.</summary>
    public required IReadOnlyList<double> Heads { get; init; }

    /// <summary>A_p of each neuron.</summary>
    public required IReadOnlyList<double> Neurons { get; init; }

    /// <summary>min(A_p, 0) of each head: what it takes where it takes.</summary>
    public required IReadOnlyList<double> NegativeHeads { get; init; }

    /// <summary>The same of each neuron.</summary>
    public required IReadOnlyList<double> NegativeNeurons { get; init; }

    /// <summary>What goes into attention's output projection over ‖h‖, [n_heads·head_dim], times the factor of a norm after it.</summary>
    public required IReadOnlyList<double> HeadInputs { get; init; }

    /// <summary>Length of what each head writes; empty where it was not asked for.</summary>
    public IReadOnlyList<double> HeadLengths { get; init; } = [];

    /// <summary>The same of each neuron; empty in mixtures.</summary>
    public IReadOnlyList<double> NeuronLengths { get; init; } = [];

    /// <summary>Means over two halves of the prompts (<see cref="PromptHalves"/>); null below two prompts.</summary>
    public required (HalfMeans First, HalfMeans Second)? Halves { get; init; }
}

/// <summary>Means over a half of the prompts.</summary>
/// <param name="Prompts">How many.</param>
/// <param name="Heads">A_p of each head.</param>
/// <param name="Neurons">A_p of each neuron.</param>
/// <param name="NegativeNeurons">min(A_p, 0) of each neuron.</param>
sealed record HalfMeans(int Prompts, IReadOnlyList<double> Heads, IReadOnlyList<double> Neurons, IReadOnlyList<double> NegativeNeurons);

/// <summary>Which half of the prompts each belongs to: they are put in order by category, those of one category as they stand, and go to the first half and the second in turn.</summary>
static class PromptHalves
{
    /// <summary>0 or 1 for each prompt; without categories the even ones, from 0, and the odd.</summary>
    public static int[] Of(IReadOnlyList<TokenizedPrompt> prompts)
    {
        int[] half = new int[prompts.Count];
        int place = 0;
        foreach (var category in Enumerable.Range(0, prompts.Count).GroupBy(p => prompts[p].Prompt.Category))
            foreach (int p in category) half[p] = place++ % 2;
        return half;
    }
}

/// <summary>Their sums while prompts pass.</summary>
/// <param name="block">The block.</param>
/// <param name="heads">Its heads.</param>
/// <param name="neurons">Its neurons.</param>
/// <param name="inputs">Width of z.</param>
/// <param name="lengths">How long what they write is; null where it is not asked for.</param>
sealed class UnitSums(int block, int heads, int neurons, int inputs, UnitLengths? lengths)
{
    readonly HalfSums[] _halves = [new(heads, neurons, inputs, lengths?.Count ?? 0), new(heads, neurons, inputs, lengths?.Count ?? 0)];

    /// <summary>Adds one prompt; those of either half may be added at a time.</summary>
    /// <param name="half">Its half.</param>
    /// <param name="headParts">A_p of each head.</param>
    /// <param name="neuronParts">A_p of each neuron.</param>
    /// <param name="z">What goes into attention's output projection.</param>
    /// <param name="ofAttention">What norm and multiplier make of it but for γ.</param>
    /// <param name="mlpPost">What goes into the MLP's; of a mixture nothing.</param>
    /// <param name="ofMlp">The same of the MLP.</param>
    /// <param name="length">‖h‖.</param>
    /// <exception cref="OverflowException">A value too large to be added.</exception>
    public void Add(
        int half, ReadOnlySpan<double> headParts, ReadOnlySpan<double> neuronParts, ReadOnlySpan<double> z, double ofAttention, ReadOnlySpan<double> mlpPost, double ofMlp, double length)
    {
        var to = _halves[half];
        to.Prompts++;
        to.Heads.AddBySign(headParts);
        to.Neurons.AddBySign(neuronParts);
        double[] weighted = new double[z.Length];
        for (int i = 0; i < weighted.Length; i++) weighted[i] = ofAttention / length * z[i];
        to.Inputs.Add(weighted);
        if (lengths is not null) to.Lengths.Add(lengths.Of(z, ofAttention, mlpPost, ofMlp));
    }

    public UnitMeans Means
    {
        get
        {
            var (first, second) = (_halves[0], _halves[1]);
            int prompts = first.Prompts + second.Prompts;
            double[] lengthMeans = OrderFreeSums.Means(prompts, first.Lengths, second.Lengths);
            return new()
            {
                Block = block,
                Heads = OrderFreeSums.MeansOfBoth(prompts, first.Heads, second.Heads),
                NegativeHeads = OrderFreeSums.MeansBelow(prompts, first.Heads, second.Heads),
                Neurons = OrderFreeSums.MeansOfBoth(prompts, first.Neurons, second.Neurons),
                NegativeNeurons = OrderFreeSums.MeansBelow(prompts, first.Neurons, second.Neurons),
                HeadInputs = OrderFreeSums.Means(prompts, first.Inputs, second.Inputs),
                HeadLengths = lengths is null ? [] : lengthMeans[..heads],
                NeuronLengths = lengths is null ? [] : lengthMeans[heads..],
                Halves = second.Prompts == 0 ? null : (first.Means, second.Means),
            };
        }
    }

    sealed class HalfSums(int heads, int neurons, int inputs, int lengths)
    {
        public int Prompts { get; set; }
        public OrderFreeSums Heads { get; } = new(2 * heads);
        public OrderFreeSums Neurons { get; } = new(2 * neurons);
        public OrderFreeSums Inputs { get; } = new(inputs);
        public OrderFreeSums Lengths { get; } = new(lengths);

        public HalfMeans Means => new(
            Prompts, OrderFreeSums.MeansOfBoth(Prompts, Heads), OrderFreeSums.MeansOfBoth(Prompts, Neurons), OrderFreeSums.MeansBelow(Prompts, Neurons));
    }
}
