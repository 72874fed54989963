namespace Castalia.Architectures;

/// <summary>What all models of one family share, as data.</summary>
public sealed record Family
{
    /// <summary>The config's <c>model_type</c>, or the GGUF <c>general.architecture</c>.</summary>
    public required string ModelType { get; init; }
}
