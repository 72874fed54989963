namespace Castalia.Anatomy;

/// <summary>A fact in which some models differ.</summary>
/// <param name="Key">The fact.</param>
/// <param name="Name">In prose.</param>
/// <param name="Group">What it is about.</param>
/// <param name="Facts">It, of each model, in their order.</param>
/// <param name="FollowsFrom">Keys of differing facts that it is a consequence of; empty where it is a difference of its own.</param>
/// <param name="Against">Models of the published study that rule it out as the only cause of dampening; empty where none does, or where no model compared dampens.</param>
sealed record FactDifference(
    string Key, string Name, FactGroup Group, IReadOnlyList<Fact> Facts, IReadOnlyList<string> FollowsFrom, IReadOnlyList<CounterExample> Against)
{
    /// <summary>Nothing else that differs gives it.</summary>
    public bool IsPrimary => FollowsFrom.Count == 0;

    /// <summary>It cannot be the only cause.</summary>
    public bool IsRuledOut => Against.Count > 0;
}

/// <summary>Models compared fact by fact.</summary>
/// <param name="Models">What they are called, in their order.</param>
/// <param name="Same">Facts in which all agree, of the first model.</param>
/// <param name="Differing">Facts in which they do not.</param>
/// <param name="Unknown">Keys of facts that are not known of some model, and so not compared.</param>
/// <param name="Dampening">The compared model that dampens in the published study, by which causes are ruled out; null for none.</param>
sealed record AnatomyDifference(
    IReadOnlyList<string> Models, IReadOnlyList<Fact> Same, IReadOnlyList<FactDifference> Differing, IReadOnlyList<string> Unknown, string? Dampening)
{
    /// <summary>Differences that no other explains.</summary>
    public IEnumerable<FactDifference> Primary => Differing.Where(difference => difference.IsPrimary);

    /// <summary>Compares models without a word about causes.</summary>
    public static AnatomyDifference Of(params IReadOnlyList<AnatomyFacts> models) => Of(models, []);

    /// <summary>Compares models, and asks the models of the study which differences cannot be the only cause of dampening.</summary>
    /// <param name="models">Two or more.</param>
    /// <param name="study">The study's models; none for no such word.</param>
    public static AnatomyDifference Of(IReadOnlyList<AnatomyFacts> models, IReadOnlyList<StudyAnatomy> study)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models.Count, 2);
        string[] keys = [.. models.SelectMany(model => model.Facts).Select(fact => fact.Key).Distinct()];
        var facts = keys.ToDictionary(key => key, key => models.Select(model => model.Find(key) ?? throw new ArgumentException($"{model.Model} has no fact '{key}'.", nameof(models))).ToArray());
        string[] unknown = [.. keys.Where(key => facts[key].Any(fact => !fact.IsKnown))];
        string[] differing = [.. keys.Where(key => !unknown.Contains(key) && facts[key].Any(fact => !Equals(fact.Value, facts[key][0].Value)))];
        var follows = FactConsequences.Of(differing, facts);
        var dampening = study.FirstOrDefault(one => one.Dampens && models.Any(model => model.Model == one.Facts.Model));
        return new(
            [.. models.Select(model => model.Model)],
            [.. keys.Where(key => !unknown.Contains(key) && !differing.Contains(key)).Select(key => facts[key][0])],
            [
                .. differing.Select(key => new FactDifference(
                    key, facts[key][0].Name, facts[key][0].Group, facts[key], follows[key],
                    dampening is null ? [] : CounterExample.Of(key, facts[key], models, dampening, study))),
            ],
            unknown, dampening?.Facts.Model);
    }
}
