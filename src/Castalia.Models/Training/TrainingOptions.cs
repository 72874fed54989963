namespace Castalia.Training;

/// <summary>How a network is trained.</summary>
sealed record TrainingOptions
{
    /// <summary>Steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Texts a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of a text.</summary>
    public required int Tokens { get; init; }

    /// <summary>Learning rate.</summary>
    public required LearningRate Rate { get; init; }

    /// <summary>AdamW.</summary>
    public required AdamWOptions AdamW { get; init; }

    /// <summary>The gradient is shortened to this length over all tensors; null for never.</summary>
    public required double? Clip { get; init; }

    /// <summary>c of the term c·⟨(ln Z)²⟩ added to the loss.</summary>
    public double ZTerm { get; init; }

    /// <summary>How often the biases of attention's and the MLP's outputs are counted in the update: k copies, each with the whole gradient, whose sum is stored.</summary>
    public int BiasMultiplicity { get; init; } = 1;

    /// <summary>So many texts, over and over; null for new ones always.</summary>
    public long? Distinct { get; init; }

    /// <summary>The final norm's weight stays where it begins.</summary>
    public bool HoldsFinalNorm { get; init; }

    /// <summary>How weights begin.</summary>
    public required Initialisation Initialisation { get; init; }

    /// <summary>Seed of the weights.</summary>
    public required ulong WeightSeed { get; init; }

    /// <summary>Seed of the texts.</summary>
    public required ulong DataSeed { get; init; }

    /// <summary>Steps between checkpoints; below it, and up to 512, they are at powers of 2.</summary>
    public int Every { get; init; } = LastPower;

    /// <summary>Earlier checkpoints are removed when a later one is complete.</summary>
    public bool KeepsLastOnly { get; init; }

    const int LastPower = 512;

    /// <summary>Whether a checkpoint is written after a step: 0, 1, 2, 4, … up to 512, then evenly, and the last.</summary>
    public bool IsKept(int step) => step == Steps || step % Every == 0 || (step < Math.Min(Every, LastPower + 1) && (step & (step - 1)) == 0);
}
