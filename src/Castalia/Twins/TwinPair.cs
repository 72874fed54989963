using Castalia.Statistics;

namespace Castalia.Twins;

/// <summary>The gains of two networks over the same prompts of one kind.</summary>
/// <param name="Category">The kind of context; null for all prompts.</param>
/// <param name="First">Mean gain of the first.</param>
/// <param name="Second">Of the second.</param>
/// <param name="Difference">First minus second, prompt by prompt, with its 95 % BCa interval.</param>
sealed record TwinDifference(string? Category, Figure<double> First, Figure<double> Second, Estimate Difference);

/// <summary>Two networks of a plan that differ in one factor, on the same prompts.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="FirstLevel">Its level of the first, as the plan writes it.</param>
/// <param name="SecondLevel">Of the second.</param>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
/// <param name="Differences">Of each kind of context, and last of all prompts.</param>
sealed record TwinPair(string Factor, string FirstLevel, string SecondLevel, ReadTwin First, ReadTwin Second, IReadOnlyList<TwinDifference> Differences)
{
    /// <summary>Every pair of equal seed that differs in one level and was read on the same prompts, in the plan's order.</summary>
    /// <param name="twins">The networks.</param>
    /// <param name="seed">Seed of the bootstraps.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static IReadOnlyList<TwinPair> Of(IReadOnlyList<ReadTwin> twins, long seed, CancellationToken cancellation) =>
    [
        .. from first in twins.Index()
           from second in twins.Skip(first.Index + 1)
           where first.Item.Shipped.Twin.Seed == second.Shipped.Twin.Seed && HaveSamePrompts(first.Item, second)
           let apart = first.Item.Shipped.Twin.Cell.Levels.Zip(second.Shipped.Twin.Cell.Levels).Where(levels => levels.First != levels.Second).ToList()
           where apart.Count == 1
           select Of(apart[0].First.Factor, apart[0].First.Value, apart[0].Second.Value, first.Item, second, seed, cancellation),
    ];

    static TwinPair Of(string factor, string firstLevel, string secondLevel, ReadTwin first, ReadTwin second, long seed, CancellationToken cancellation)
    {
        var gains = first.Model.Measurement.Prompts.Zip(first.Gains, second.Gains)
            .Select(prompt => (prompt.First.Prompt.Category, First: prompt.Second, Second: prompt.Third))
            .Where(prompt => prompt.First is not null && prompt.Second is not null).Select(prompt => (prompt.Category, prompt.First!.Value, prompt.Second!.Value)).ToList();
        return new(factor, firstLevel, secondLevel, first, second,
            [.. gains.GroupBy(prompt => prompt.Category).Select(category => Difference(category.Key, [.. category])), Difference(null, gains)]);

        TwinDifference Difference(string? category, IReadOnlyList<(string?, double First, double Second)> prompts) => new(
            category, Mean(prompts.Select(prompt => prompt.First)), Mean(prompts.Select(prompt => prompt.Second)),
            Describe.Of([.. prompts.Select(prompt => prompt.First - prompt.Second)], seed, cancellation));
    }

    static bool HaveSamePrompts(ReadTwin first, ReadTwin second)
    {
        var (one, other) = (first.Model.Measurement.Prompts, second.Model.Measurement.Prompts);
        return one.Count == other.Count && one.Zip(other).All(pair => pair.First.Ids.SequenceEqual(pair.Second.Ids));
    }

    static Figure<double> Mean(IEnumerable<double> values) => values.ToArray() is { Length: > 0 } some ? Figure<double>.Of(Describe.Mean(some)) : Figure<double>.Undefined("no prompt has a gain");
}
