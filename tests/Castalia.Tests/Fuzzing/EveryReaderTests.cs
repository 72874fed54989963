using Castalia.Checkpoints;
using Castalia.Fuzzing.Readers;
using Xunit;

namespace Castalia.Tests.Fuzzing;

/// <summary>No file is read that is not fuzzed.</summary>
public sealed class EveryReaderTests
{
    const string OurOwn = "", Copied = "", Systems = ""; // why no reader of the fuzzer is named

    /// <summary>What reads files, and the readers of the fuzzer by which it is tried.</summary>
    static readonly Dictionary<string, string[]> s_readers = new()
    {
        ["Adapters"] = ["adapter"],
        ["BandCache"] = [OurOwn], // passed over where it is damaged
        ["BlobPart"] = [OurOwn], // of a download, judged by its hash alone
        ["BlobTransfer"] = [OurOwn],
        ["ChartScripts"] = [OurOwn],
        ["Checkpoint"] = ["safetensors", "torch zip", "torch legacy", "gguf", "config", "measured"],
        ["CheckpointFolders"] = [OurOwn], // of a training to be gone on with
        ["Converter"] = [Copied],
        ["CorpusPieces"] = ["corpus"],
        ["CorpusStore"] = [OurOwn],
        ["CorpusTokenizer"] = [Copied],
        ["DigestedFile"] = [OurOwn], // passed over where it is damaged
        ["DirectionFile"] = ["directions"],
        ["Embedded"] = [OurOwn],
        ["EmbeddedText"] = [OurOwn],
        ["FileHashes"] = [Copied], // hashed as it is
        ["FolderFiles"] = [Copied],
        ["GainCurve"] = [OurOwn],
        ["GgufModel"] = ["gguf", "gguf vocabulary"],
        ["HashCache"] = [OurOwn], // passed over where it is damaged
        ["HubCache"] = ["hub cache"],
        ["HubSettings"] = ["hub token"],
        ["HypothesisFiles"] = [OurOwn],
        ["InputFile"] = ["safetensors", "tokenizer.json"],
        ["JsonFile"] = ["config", "index"],
        ["Manifest"] = [Systems],
        ["ManifestReader"] = ["manifest", "run folder"],
        ["MappedFile"] = ["safetensors", "gguf"],
        ["NeededFiles"] = ["hub cache"],
        ["AvailableMemory"] = [Systems],
        ["PhysicalCores"] = [Systems],
        ["OwnerText"] = ["sweep folder"],
        ["OwnerWatch"] = ["sweep folder"],
        ["PortionJournal"] = [OurOwn], // of an interrupted run
        ["ProcessMark"] = [Systems],
        ["PromptFile"] = ["prompts"],
        ["PythonJson"] = ["config"],
        ["PromptSets"] = [OurOwn],
        ["ReadingsSpill"] = [OurOwn], // by the process that reads it
        ["ResultFile"] = ["published"],
        ["RunCheck"] = ["run folder"],
        ["SafetensorsWriter"] = [OurOwn],
        ["SentencePieceModel"] = ["tokenizer.model"],
        ["Sha256"] = [Copied],
        ["ShippedTwins"] = [OurOwn], // judged by hash
        ["ShardIndex"] = ["index"],
        ["CellMaker"] = [OurOwn], // opens a corpus to see whether it can be read
        ["StudyTables"] = [OurOwn], // the hash of a plan
        ["SourceText"] = ["hypotheses", "cards", "do files", "twin plans", "sweep plans"],
        ["SweepClaims"] = ["sweep folder"],
        ["SweepFailures"] = ["sweep folder"],
        ["SweepLists"] = ["sweep folder"],
        ["SweepOwner"] = [OurOwn], // written over, unread
        ["TokenizerConfig"] = ["tokenizer.json", "tokenizer.model"],
        ["TokenizerJson"] = ["tokenizer.json"],
        ["TwinRun"] = [OurOwn], // the name of a run that it wrote
        ["TwinTable"] = ["twin tables"],
        ["UnicodeNormalization"] = [OurOwn],
        ["UntrainedNetworks"] = [OurOwn],
        ["Vectors"] = ["vector of a do file"],
        ["VocabAndMerges"] = ["vocab and merges"],
    };

    [Fact]
    public void Every_type_that_reads_a_file_is_tried_by_a_reader_of_the_fuzzer()
    {
        var found = new SortedSet<string>(new[] { typeof(Checkpoint), typeof(Castalia.Statistics.Sample), typeof(Castalia.Runs.Run) }.SelectMany(type => FileReadingMethods.Types(type.Assembly)), StringComparer.Ordinal);
        Assert.Equal("", string.Join(", ", found.Except(s_readers.Keys)));
        Assert.Equal("", string.Join(", ", s_readers.Keys.Except(found)));
        Assert.DoesNotContain(s_readers.Values.SelectMany(names => names), name => name.Length > 0 && AllReaders.Named(name) is null);
    }
}
