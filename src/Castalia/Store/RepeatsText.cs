using System.Text.Json.Nodes;

namespace Castalia.Store;

/// <summary>What every page over stored runs says of models that were measured again, and of what models are told apart by.</summary>
static class RepeatsText
{
    const int Named = 3;

    /// <summary>The sentences; empty where nothing was left out and all are known by their weights.</summary>
    /// <param name="counted">The models.</param>
    internal static IEnumerable<string> Of(CountedModels counted)
    {
        foreach (var same in counted.Repeats.GroupBy(repeat => repeat.For))
        {
            var (run, model) = same.Key;
            string left = string.Join("; ", same.GroupBy(repeat => repeat.Left.Run.Name, repeat => repeat.Left.Model.Name)
                .Select(of => Some([.. of]) + (of.Key == run.Name ? "" : $" of {of.Key}")));
            yield return $"Counted once: {left} {(same.Count() == 1 ? "repeats" : "repeat")} {model.Name} of {run.Name}, {What(model.Identity)} with the same arithmetic and token ids.";
        }
        foreach (var (basis, words) in new[] { (IdentityBasis.Files, "the files that hold their weights"), (IdentityBasis.Name, "their names") })
        {
            string[] known = [.. counted.Models.Where(m => m.Model.Identity.Basis == basis).Select(m => m.Model.Name).Distinct()];
            bool matters = counted.Models.Count + counted.Repeats.Count > 1;
            if (known.Length > 0 && matters)
                yield return $"Told apart by {words}, because their manifests state no hash of the tensors: {Some(known)}.";
        }
    }

    /// <summary>What a query over the views must heed, which hold every model of every run; null where none repeats another.</summary>
    /// <param name="counted">The models.</param>
    public static string? InViews(CountedModels counted)
    {
        if (counted.Repeats.Count == 0) return null;
        string[] names = [.. counted.Repeats.Select(repeat => repeat.Left.Model.Name).Distinct()];
        return $"{Some(names)}: measured again with the same weights, arithmetic and token ids. The views hold all rows; " +
            "JOIN models USING (run, model) WHERE repeat_of IS NULL counts each model once.";
    }

    /// <summary>The same for a program: each model that is left out, and the one that is counted for it.</summary>
    public static JsonArray Json(CountedModels counted) => new([.. counted.Repeats.Select(repeat => new JsonObject
    {
        ["run"] = repeat.Left.Run.Name,
        ["model"] = repeat.Left.Model.Name,
        ["counted"] = new JsonObject { ["run"] = repeat.For.Run.Name, ["model"] = repeat.For.Model.Name },
    })]);

    static string What(ModelIdentity identity) => identity.Basis switch
    {
        IdentityBasis.Tensors => $"the same weights ({identity.ShortName})",
        IdentityBasis.Files => "the same files",
        _ => "the same name",
    };

    static string Some(string[] names) => string.Join(", ", names.Take(Named)) + (names.Length > Named ? $" and {names.Length - Named} more" : "");
}
