using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Published;

namespace Castalia.Anatomy;

/// <summary>What the config of a model of the published study says, so that it can be compared without a file at hand.</summary>
/// <remarks>
/// Written from the same sources as <see cref="ModelFacts"/>, which must agree (a test compares every field); the keys are those of the hub's
/// configs, so that the ordinary reader reads them.
/// </remarks>
/// <param name="Model">Name the study gives it.</param>
/// <param name="Repository">Its repository on the hub.</param>
/// <param name="VocabularyIds">Ids its tokenizer has; rows of the embedding beyond them are padding.</param>
/// <param name="Config">The config.</param>
sealed record StudyConfigs(string Model, string Repository, int VocabularyIds, JsonObject Config)
{
    static readonly Lazy<IReadOnlyList<StudyConfigs>> Loaded = new(() =>
    [
        .. JsonNode.Parse(EmbeddedText.Of("published-configs.json"), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsArray()
            .Select(node => node!.AsObject()).Select(one => Read(
                one["model"]!.GetValue<string>(), one["vocabulary_ids"]!.GetValue<int>(), one["config"]!.AsObject())),
    ]);

    /// <summary>The eight models, in the order of <see cref="ModelFacts.Shipped"/>.</summary>
    public static IReadOnlyList<StudyConfigs> Shipped => Loaded.Value;

    /// <summary>The model of a name: the study's, the repository's, or the repository's without its owner; case does not matter.</summary>
    /// <exception cref="InputException">There is no such model.</exception>
    public static StudyConfigs Of(string named) => Find(named) ?? throw AnatomyErrors.UnknownModel(named, Shipped.Select(one => one.Repository.Split('/')[^1]));

    /// <summary>The same; null for none.</summary>
    public static StudyConfigs? Find(string named) => Shipped.FirstOrDefault(one =>
        new[] { one.Model, one.Repository, one.Repository.Split('/')[^1] }.Contains(named, StringComparer.OrdinalIgnoreCase));

    /// <summary>Its facts, under the study's name.</summary>
    public AnatomyFacts Facts() => AnatomyFacts.Of(Model, Described(), VocabularyIds);

    /// <summary>Its description.</summary>
    public ConfigOnly Described() => ConfigOnly.Read(Config, Repository);

    static StudyConfigs Read(string model, int ids, JsonObject config) => new(model, ModelFacts.Of(model).Repository, ids, config);
}
