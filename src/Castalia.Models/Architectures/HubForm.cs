namespace Castalia.Architectures;

/// <summary>How models of a GGUF architecture are published on the Hugging Face hub.</summary>
/// <param name="ModelType">The <c>model_type</c> of the family there.</param>
/// <param name="Class">The class of transformers that their config.json names.</param>
sealed record HubForm(string ModelType, string Class)
{
    /// <summary>The one wiring whose form on the hub is settled; null for any.</summary>
    public Wiring? Wired { get; init; }

    /// <summary>Keys that transformers wants to be told and that are the same for every model of the architecture.</summary>
    public IReadOnlyDictionary<string, int> Constants { get; init; } = new Dictionary<string, int>();
}
