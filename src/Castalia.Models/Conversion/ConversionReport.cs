using Castalia.Architectures;
using Castalia.Checkpoints;

namespace Castalia.Conversion;

/// <summary>How a checkpoint is to be written.</summary>
sealed record ConvertOptions
{
    /// <summary>As transformers divides checkpoints.</summary>
    public const long UsualShardSize = 5_000_000_000;

    /// <summary>Type of every tensor, F32, F16 or BF16; null to keep each one's own.</summary>
    public DType? DType { get; init; }

    /// <summary>Bytes of tensors in one file, at most; a larger tensor has a file of its own.</summary>
    public long ShardSize { get; init; } = UsualShardSize;
}

/// <summary>What was written.</summary>
sealed record ConversionReport
{
    /// <summary>The checkpoint that was read.</summary>
    public required string From { get; init; }

    /// <summary>The folder, complete.</summary>
    public required string Folder { get; init; }

    /// <summary>The description it is read back as.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>Tensors.</summary>
    public required int Tensors { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tensors of each type.</summary>
    public required IReadOnlyDictionary<DType, int> Types { get; init; }

    /// <summary>Files of weights.</summary>
    public required int WeightFiles { get; init; }

    /// <summary>What rounding did.</summary>
    public required RoundingCost Rounding { get; init; }

    /// <summary>Tensors of the checkpoint that were left out: nothing reads them, or they are stored twice.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Files beside the weights that were copied as they are.</summary>
    public required IReadOnlyList<string> Copied { get; init; }

    /// <summary>Files of the folder that stayed behind.</summary>
    public required IReadOnlyList<string> LeftBehind { get; init; }

    /// <summary>Why a GGUF file's vocabulary was not written as tokenizer.json; null where it was, or where a folder was read.</summary>
    public required string? NoTokenizer { get; init; }

    /// <summary>What the user must know besides.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Seconds it took, the reading back included.</summary>
    public required double Seconds { get; init; }
}
