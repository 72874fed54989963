using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>What a config says of attention besides sizes and positions.</summary>
static class AttentionReader
{
    const string Global = "full_attention", Local = "sliding_attention", Kinds = "a list such as [[[\"global\", \"local\"], 12]]";

    const double Smallest = 1e-70; // its inverse root is a float32

    /// <summary>Factor on query·key.</summary>
    public static double Scale(ConfigReader config, Family family, FlagReader flags, int headDim)
    {
        AttentionScaleRule rule = family.AttentionScale;
        bool isUnscaled = flags.Is(rule.Unscaled);
        // Where the reference has a default it multiplies by what is stated, and cannot by null.
        if (rule.Factor is { Default: not null } needed) return config.Number(needed, v => v is > 0 and <= float.MaxValue, "a number above 0, at most 3.40282E+38");
        if (config.Optional(rule.Factor) is { } factor) return factor;
        if (isUnscaled) return 1;
        return 1 / Math.Sqrt(rule.InverseRootOf is { } key ? config.Number(key, v => v >= Smallest, "a number of at least 1e-70") : headDim);
    }

    /// <summary>Window of every block; null where none has one.</summary>
    public static IReadOnlyList<int?>? Windows(ConfigReader config, WindowRule rule, FlagReader flags, int nLayers)
    {
        bool[] local = Which(config, rule, flags, nLayers);
        double? stated = config.Optional(rule.Size);
        if (config.Words("layer_types") is { } kinds) local = Agreed(config, rule, flags, Listed(config, kinds, nLayers), local, stated is not null);
        if (local.Contains(true) && (rule is WindowRule.AllButLastOf or WindowRule.ByKinds) && config.IsNull(rule.Size.Names))
            throw ArchitectureErrors.OutOfRange(ConfigReader.Shown(rule.Size.Names[0]), "null", config.File, "a whole number of at least 1");
        if (stated is not { } size || !local.Contains(true)) return null;
        if (size != Math.Floor(size) || size > int.MaxValue)
            throw ArchitectureErrors.OutOfRange(ConfigReader.Shown(rule.Size.Names[0]), $"{size}", config.File, "a whole number of at least 1, or null");
        return [.. local.Select(isLocal => isLocal ? (int?)size : null)];
    }

    /// <summary>What a list of kinds says, where the reference goes by it; where it goes by other keys they must say the same.</summary>
    static bool[] Agreed(ConfigReader config, WindowRule rule, FlagReader flags, bool[] listed, bool[] byRule, bool hasSize)
    {
        bool isBelieved = rule is WindowRule.AllButLastOf || (rule is WindowRule.FromBlock from && flags.Is(from.When));
        if (isBelieved || !hasSize || listed.SequenceEqual(byRule)) return listed;
        throw ArchitectureErrors.KindsUnread("layer_types", config.Raw("layer_types")!.Text, byRule.Count(isLocal => isLocal), config.File);
    }

    static bool[] Which(ConfigReader config, WindowRule rule, FlagReader flags, int nLayers)
    {
        bool[] local = new bool[nLayers];
        switch (rule)
        {
            case WindowRule.EveryBlock:
                Array.Fill(local, true);
                break;
            case WindowRule.FromBlock from:
                bool allowed = flags.Is(from.When);
                double first = config.Number(
                    from.First, v => v >= 0 && v == Math.Floor(v), "a whole number of at least 0", nullIsAbsent: !allowed);
                for (int layer = 0; layer < nLayers; layer++) local[layer] = allowed && layer >= first;
                break;
            case WindowRule.AllButLastOf all:
                double period = config.Number(all.Period, v => v >= 1 && v == Math.Floor(v), "a whole number of at least 1");
                for (int layer = 0; layer < nLayers; layer++) local[layer] = (layer + 1) % period != 0;
                break;
            case WindowRule.ByKinds by:
                local = ByKinds(config, by, nLayers);
                break;
            default: throw new InvalidOperationException($"No rule for {rule}.");
        }
        return local;
    }

    static bool[] Listed(ConfigReader config, IReadOnlyList<string> kinds, int nLayers)
    {
        if (kinds.Count != nLayers) throw ArchitectureErrors.KindsPerBlock("layer_types", $"{kinds.Count}", nLayers, config.File);
        return [.. kinds.Select(kind => kind switch
        {
            Local => true,
            Global => false,
            _ => throw ArchitectureErrors.OutOfRange("layer_types", kind, config.File, $"{Global} or {Local}"),
        })];
    }

    /// <summary>GPT-Neo's [[["global", "local"], 12]]: each list of kinds so many times over.</summary>
    static bool[] ByKinds(ConfigReader config, WindowRule.ByKinds rule, int nLayers)
    {
        var local = new List<bool>();
        if (config.IsNull([rule.Key])) throw ArchitectureErrors.OutOfRange(rule.Key, "null", config.File, Kinds);
        if (config.Raw(rule.Key) is { } value)
        {
            foreach (ConfigValue pair in value.Items ?? throw Wrong(value))
            {
                if (pair.Items is not [{ Items: { Count: > 0 } kinds }, { Value: long times and >= 0 }]) throw Wrong(value);
                bool[] once = [.. kinds.Select(kind => IsLocal(kind, value))];
                // No further than the model has blocks: the list is as long as its file says.
                for (long i = 0; i < times; i++)
                {
                    local.AddRange(once);
                    if (local.Count > nLayers) throw ArchitectureErrors.KindsPerBlock(rule.Key, $"more than {nLayers}", nLayers, config.File);
                }
            }
        }
        else
        {
            config.Default(rule.Key, "[[[global, local], 12]]");
            for (int i = 0; i < 24; i++) local.Add(i % 2 == 1);
        }
        if (config.Words(rule.PerBlock) is { } perBlock && !perBlock.Select(kind => kind == "local").SequenceEqual(local))
            throw ArchitectureErrors.Conflict(rule.PerBlock, string.Join(' ', perBlock), rule.Key, "other kinds", config.File);
        return local.Count == nLayers ? [.. local] : throw ArchitectureErrors.KindsPerBlock(rule.Key, $"{local.Count}", nLayers, config.File);

        bool IsLocal(ConfigValue kind, ConfigValue whole) => kind.Value switch
        {
            "local" => true,
            "global" => false,
            _ => throw Wrong(whole),
        };

        InputException Wrong(ConfigValue whole) =>
            ArchitectureErrors.OutOfRange(rule.Key, whole.Text, config.File, Kinds);
    }
}
