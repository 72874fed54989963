namespace Castalia.Architectures;

/// <summary>Metadata keys that every GGUF file may carry.</summary>
static class GgufKeys
{
    /// <summary>Keys that say nothing about the arithmetic.</summary>
    public static readonly IReadOnlyList<string> Harmless = ["general.*", "tokenizer.*", "quantize.*", "split.no", "split.tensors.count"];

    /// <summary>Keys that are understood only where they ask for nothing.</summary>
    public static readonly IReadOnlyList<LimitedKey> Limited =
    [
        new("split.count", "the other parts of a split file", "0", "1"),
    ];
}
