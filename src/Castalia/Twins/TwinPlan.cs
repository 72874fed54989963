using Castalia.Training;

namespace Castalia.Twins;

/// <summary>A level of each crossed factor.</summary>
/// <param name="Levels">Factor and value as the plan writes it, in the plan's order; none where nothing is crossed.</param>
/// <param name="Recipe">The recipe, before a seed.</param>
/// <param name="Form">The network.</param>
sealed record TwinCell(IReadOnlyList<(string Factor, string Value)> Levels, TwinRecipe Recipe, ModelForm Form)
{
    const int Longest = 120;

    /// <summary>Its name: "wiring=sequential,learning_rate=1e-3".</summary>
    public string Name => Levels.Count == 0 ? "base" : string.Join(',', Levels.Select(level => $"{level.Factor}={level.Value}"));

    /// <summary>The name as a folder's: shortened, with the hash of the whole, where it is long.</summary>
    public string FolderName => Name.Length <= Longest ? Name : $"{Name[..Longest]}-{Recipes.Hash(Name)[..12]}";
}

/// <summary>One network of a plan.</summary>
/// <param name="Cell">Its cell.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Recipe">The cell's recipe with that seed.</param>
sealed record Twin(TwinCell Cell, ulong Seed, TwinRecipe Recipe)
{
    /// <summary>Its name: "wiring=sequential seed 1".</summary>
    public string Name => FormattableString.Invariant($"{Cell.Name} seed {Seed}");

    /// <summary>Its folder below the plan's.</summary>
    public string Folder => Path.Combine(Cell.FolderName, FormattableString.Invariant($"seed{Seed}"));
}

/// <summary>Networks to be trained under controlled differences.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cells">Every combination of the levels of its factors.</param>
/// <param name="Twins">Every network: cells in order, of each every seed.</param>
sealed record TwinPlan(string Name, IReadOnlyList<TwinCell> Cells, IReadOnlyList<Twin> Twins)
{
    /// <summary>What all of them are trained on; null for the language.</summary>
    public CorpusSource? Corpus { get; init; }

    /// <summary>Points on the straight line between the weights of two seeds of a cell, ends included; null where none are read.</summary>
    public int? Interpolate { get; init; }

    /// <summary>What it asks; null where the plan does not say.</summary>
    public string? Question { get; init; }

    /// <summary>Crossed factors with their levels, in the plan's order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Crossed => new OrderedDictionary<string, IReadOnlyList<string>>(
        Cells.SelectMany(cell => cell.Levels).GroupBy(level => level.Factor, StringComparer.Ordinal)
            .Select(factor => KeyValuePair.Create(factor.Key, (IReadOnlyList<string>)[.. factor.Select(level => level.Value).Distinct()])));

    /// <summary>Minutes that it took on two cores; null where nobody noted them.</summary>
    public double? Minutes { get; init; }
}
