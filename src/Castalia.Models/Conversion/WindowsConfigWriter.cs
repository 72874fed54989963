using System.Text.Json.Nodes;
using Castalia.Architectures;

namespace Castalia.Conversion;

/// <summary>The part of a config that says which blocks see how far.</summary>
static class WindowsConfigWriter
{
    /// <summary>Writes it: by the family's rule, and block by block where the rule says otherwise.</summary>
    public static void Write(ConfigKeyWriter keys, WindowRule rule, Architecture a)
    {
        int? size = a.Windows?.FirstOrDefault(window => window is not null);
        if (rule is WindowRule.FromBlock { When: var allowed })
        {
            keys.Settle(allowed, size is not null);
            if (size is null) return; // without the flag the size says nothing
        }
        if (size is not null)
        {
            bool[] local = [.. a.Windows!.Select(window => window is not null)];
            if (!ByRule(keys, rule, local).SequenceEqual(local))
                keys.Set("layer_types", new JsonArray([.. local.Select(isLocal => (JsonNode?)(isLocal ? "sliding_attention" : "full_attention"))]));
        }
        ConfigWriter.Optional(keys, rule.Size, size);
    }

    /// <summary>Writes the rule's own key as near as it comes, and gives the blocks that then have a window.</summary>
    static IEnumerable<bool> ByRule(ConfigKeyWriter keys, WindowRule rule, bool[] local)
    {
        switch (rule)
        {
            case WindowRule.EveryBlock:
                return local.Select(_ => true);
            case WindowRule.FromBlock from:
                int first = Array.IndexOf(local, true);
                ConfigWriter.Number(keys, from.First, first);
                return local.Select((_, layer) => layer >= first);
            case WindowRule.AllButLastOf all:
                double period = all.Period.Default ?? 1;
                if (all.Period.Names.Count > 0 && Array.IndexOf(local, false) is >= 0 and var last)
                    ConfigWriter.Number(keys, all.Period, period = last + 1);
                return local.Select((_, layer) => (layer + 1) % period != 0);
            case WindowRule.ByKinds kinds:
                throw new NotSupportedException($"'{kinds.Key}' is read, not written.");
            default:
                throw new InvalidOperationException($"No rule for {rule}.");
        }
    }
}
