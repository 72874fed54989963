using Castalia.Architectures;
using Castalia.Forward;
using static Castalia.Anatomy.DescriptionFacts;

namespace Castalia.Anatomy;

/// <summary>The types a checkpoint's values are stored in, part by part, and what its config says of them.</summary>
static class StorageFacts
{
    public static IEnumerable<Fact> Of(Architecture a, WeightMap? weights, ConfigWords words)
    {
        yield return Fact("dtype_stated", "type of the weights, as the config spells it", FactGroup.Storage, words.DType);
        var types = weights?.Bound.Where(bound => bound.Role != WeightRole.Unembedding || !a.TiedUnembedding).ToLookup(bound => ParameterFacts.PartOf(bound.Role), bound => bound.Tensor.DType);
        foreach (var part in Enum.GetValues<ModelPart>())
        {
            string[] stored = [.. types?[part].Distinct().Order().Select(type => $"{type}") ?? []];
            yield return Fact($"dtype_{part}".ToLowerInvariant(), $"type of the {ParameterFacts.Name(part)}", FactGroup.Storage, stored.Length == 0 ? null : string.Join(", ", stored)) with
            {
                IsKnown = weights is not null,
            };
        }
    }
}
