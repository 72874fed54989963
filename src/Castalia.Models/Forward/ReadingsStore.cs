using System.Collections;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Where the readings of finished prompts go, portion by portion, and where they are read again, in the prompts' order.</summary>
abstract class ReadingsStore : IReadOnlyList<PromptReadings>
{
    /// <summary>Prompts that are finished.</summary>
    public abstract int Count { get; }

    /// <summary>The readings of a prompt.</summary>
    public abstract PromptReadings this[int index] { get; }

    /// <summary>Takes the readings of the next prompts.</summary>
    public abstract void Add(IReadOnlyList<PromptReadings> portion);

    /// <inheritdoc/>
    public IEnumerator<PromptReadings> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Readings in memory.</summary>
sealed class KeptReadings : ReadingsStore
{
    readonly List<PromptReadings> _kept = [];

    /// <inheritdoc/>
    public override int Count => _kept.Count;

    /// <inheritdoc/>
    public override PromptReadings this[int index] => _kept[index];

    /// <inheritdoc/>
    public override void Add(IReadOnlyList<PromptReadings> portion) => _kept.AddRange(portion);
}
