using Castalia.Forward;
using Castalia.Prompts;

namespace Castalia.Interventions;

/// <summary>The entries of a portion: the clean prompts its variants look at, then the variants by the block they begin in.</summary>
sealed class VariantBatch
{
    readonly Variant[] _variants;
    readonly Dictionary<int, int> _cleanOf = [];
    readonly PatchSources _sources;
    readonly int[] _prompts;

    /// <param name="prompts">All prompts of the run.</param>
    /// <param name="sources">From which prompts patches come.</param>
    /// <param name="variants">The portion, by block.</param>
    public VariantBatch(IReadOnlyList<TokenizedPrompt> prompts, PatchSources sources, IReadOnlyList<Variant> variants)
    {
        (_variants, _sources) = ([.. variants], sources);
        _prompts = [.. variants.SelectMany(variant => variant.Sources(sources)).Distinct().Order()];
        for (int entry = 0; entry < _prompts.Length; entry++) _cleanOf[_prompts[entry]] = entry;
        Interventions = [.. variants.Select(variant => variant.Intervention).Distinct(ReferenceEqualityComparer.Instance).Cast<Intervention>()];
        Batch = new(
            [.. _prompts.Select(p => prompts[p]), .. _variants.Select(variant => prompts[variant.Prompt])],
            [.. _prompts.Select(_ => 0), .. _variants.Select(variant => variant.First)],
            [.. Enumerable.Range(0, _prompts.Length), .. _variants.Select(variant => _cleanOf[variant.Prompt])],
            Breaks);
    }

    /// <summary>The entries.</summary>
    public RaggedBatch Batch { get; }

    /// <summary>How many of them are clean; they come first.</summary>
    public int CleanEntries => _prompts.Length;

    /// <summary>The variants, in the order of their entries.</summary>
    public IReadOnlyList<Variant> Variants => _variants;

    /// <summary>Their interventions, once each.</summary>
    public IReadOnlyList<Intervention> Interventions { get; }

    /// <summary>First block that anything is computed in.</summary>
    public int Start => _variants[0].Start;

    /// <summary>Prompt of an entry.</summary>
    public int PromptOf(int entry) => entry < CleanEntries ? _prompts[entry] : _variants[entry - CleanEntries].Prompt;

    /// <summary>The variant of an entry; null for a clean one.</summary>
    public Variant? Of(int entry) => entry < CleanEntries ? null : _variants[entry - CleanEntries];

    /// <summary>The clean entry of an entry's prompt.</summary>
    public int CleanOf(int entry) => entry < CleanEntries ? entry : _cleanOf[_variants[entry - CleanEntries].Prompt];

    /// <summary>The clean entry that a patch of an entry comes from.</summary>
    public int SourceOf(Deed patch, int entry) => _cleanOf[_sources.Of(patch, PromptOf(entry))!.Value];

    /// <summary>Block in which an entry begins to be computed.</summary>
    public int StartOf(int entry) => Of(entry)?.Start ?? Start;

    /// <summary>Variants do not share a chunk with clean entries, whose keys they take, nor with those that begin in another block.</summary>
    bool Breaks(int entry) => entry >= CleanEntries && (entry == CleanEntries || _variants[entry - CleanEntries].Start != _variants[entry - CleanEntries - 1].Start);
}
