using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Anatomy;

/// <summary>Everything that can be said of a model before it is run, as a list in a fixed order that two models share key by key.</summary>
/// <param name="Model">What the model is called.</param>
/// <param name="Facts">The facts, every key once, in the order of <see cref="FactGroup"/>.</param>
sealed record AnatomyFacts(string Model, IReadOnlyList<Fact> Facts)
{
    /// <summary>A fact by its key; null where the model's list lacks it.</summary>
    public Fact? Find(string key) => Facts.FirstOrDefault(fact => fact.Key == key);

    /// <summary>Of an open checkpoint, its weights found: headers only, nothing of the weights is read.</summary>
    /// <param name="model">What it is called.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="checkpoint">The checkpoint they are in.</param>
    /// <param name="vocabularyIds">Ids the tokenizer has; null where that is not known.</param>
    public static AnatomyFacts Of(string model, WeightMap weights, Checkpoint checkpoint, int? vocabularyIds = null) =>
        Of(model, weights.Architecture, weights, ConfigWords.Of(checkpoint), vocabularyIds);

    /// <summary>Of a description alone, without weights at hand.</summary>
    /// <param name="model">What it is called.</param>
    /// <param name="described">What its config says.</param>
    /// <param name="vocabularyIds">Ids the tokenizer has; null where that is not known.</param>
    public static AnatomyFacts Of(string model, ConfigOnly described, int? vocabularyIds = null) =>
        Of(model, described.Architecture, null, described.Words, vocabularyIds);

    static AnatomyFacts Of(string model, Architecture a, WeightMap? weights, ConfigWords words, int? vocabularyIds) => new(model,
    [
        .. DescriptionFacts.Of(a, words),
        .. ParameterFacts.Of(a, weights, vocabularyIds),
        .. StorageFacts.Of(a, weights, words),
    ]);
}
