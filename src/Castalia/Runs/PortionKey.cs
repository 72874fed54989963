using System.Text;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.DoFiles;
using Castalia.Forward;
using Castalia.Interventions;
using Castalia.Machine;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>Everything that decides what the portions of a run of interventions hold, as one text.</summary>
static class PortionKey
{
    /// <summary>The text.</summary>
    public static string Of(Checkpoint checkpoint, Architecture a, IReadOnlyList<TokenizedPrompt> prompts, RunOptions options, IReadOnlyList<DoFile> files, InterventionOptions interventions)
    {
        var key = new StringBuilder();
        key.AppendLine(FormattableString.Invariant($"{Software.NameAndVersion}, portions {PortionJournal.Format}"));
        foreach (var file in checkpoint.Files.Select(file => new FileInfo(file.Path)))
            key.AppendLine(FormattableString.Invariant($"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
        key.AppendLine(DescriptionJson.Of(a, WeightMap.Bind(a, checkpoint), checkpoint.Path).ToJsonString());
        key.AppendLine(FormattableString.Invariant($"{options.AllPositions} {interventions.MostBytes}"));
        foreach (var file in files) key.AppendLine(file.Sha256);
        // What a do-file names may change while it does not.
        foreach (var vector in interventions.Entries.SelectMany(entry => entry.Pattern.Changes).SelectMany(Vectors)) key.AppendLine(FormattableString.Invariant($"{vector.Name} {string.Join(',', vector.Values.Select(BitConverter.SingleToInt32Bits))}"));
        foreach (var (set, texts) in interventions.Sets.OrderBy(set => set.Key, StringComparer.Ordinal).Append(new("", prompts)))
            foreach (var text in texts) key.AppendLine(FormattableString.Invariant($"{set} {text.Prompt.Name}: {string.Join(',', text.Ids)}"));
        return key.ToString();
    }

    static IEnumerable<NamedVector> Vectors(Change change)
    {
        if (change.Unit is Unit.Along { Of: Direction.Fixed { Of: var direction } }) yield return direction;
        if (change.Deed is Deed.Add { Of: var added }) yield return added;
    }
}
