using Castalia.Tokens;
using CsCheck;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class MergingTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers");

    /// <summary>Pairs (a, b) → a new symbol, in an order that has nothing to do with their making.</summary>
    static readonly Gen<List<BpeMerge>> Merges = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7]).Array[0, 12].Select(pairs =>
        pairs.Distinct().Select((pair, i) => new BpeMerge(pair.Item1, pair.Item2, 4 + i)).ToList());

    /// <summary>Both ways of queueing against the definition: the lowest rank anywhere, the leftmost of those, again and again.</summary>
    [Theory]
    [InlineData(0, 40, 5000)]
    [InlineData(2000, 3000, 30)]
    public void Merging_is_what_its_definition_says(int least, int most, int times) =>
        Gen.Select(Merges, Gen.Int[0, 3].Array[least, most]).Sample((merges, symbols) =>
        {
            var table = new MergeTable(merges);
            int[] ours = [.. symbols];
            int count = new PairMerging().Merge(ours, table);
            Assert.Equal(Defined([.. symbols], table), ours[..count]);
        }, iter: times);

    static List<int> Defined(List<int> symbols, MergeTable table)
    {
        while (true)
        {
            (int Rank, int At, int Whole)? best = null;
            for (int i = 0; i + 1 < symbols.Count; i++)
                if (table.TryGet(symbols[i], symbols[i + 1], out int rank, out int whole) && (best is null || rank < best.Value.Rank)) best = (rank, i, whole);
            if (best is not { } pair) return symbols;
            symbols[pair.At] = pair.Whole;
            symbols.RemoveAt(pair.At + 1);
        }
    }

    /// <summary>Both of its ways give the pair of the lowest rank, of those the leftmost, whatever came in between.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void The_queue_gives_the_lowest_rank_and_of_it_the_leftmost(int symbols) =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 30], Gen.Bool).Array[0, 60].Sample(steps =>
        {
            var queue = new PairQueue();
            queue.Start(symbols, 6);
            var expected = new List<(int Rank, int At, int Tag)>();
            for (int i = 0; i < steps.Length; i++)
            {
                var (rank, at, takes) = steps[i];
                at = 61 * at + i; // no two alike: which of them came first would not matter
                queue.Add(rank, at, i);
                expected.Add((rank, at, i));
                if (takes) Take();
            }
            while (expected.Count > 0) Take();
            Assert.False(queue.TryTake(out _, out _));

            void Take()
            {
                var next = expected.Min();
                expected.Remove(next);
                Assert.True(queue.TryTake(out int at, out int tag));
                Assert.Equal((next.At, next.Tag), (at, tag));
            }
        }, iter: 5000);

    /// <summary>A second implementation of the same algorithm, on what both can do: a word spelt in bytes.</summary>
    [Fact]
    public void Words_are_joined_as_by_Microsoft_ML_Tokenizers()
    {
        using var vocabulary = File.OpenRead(Path.Combine(Folder, "gpt2-style", "vocab.json"));
        using var merges = File.OpenRead(Path.Combine(Folder, "gpt2-style", "merges.txt"));
        var theirs = BpeTokenizer.Create(vocabulary, merges);
        var ours = new BpeModel(VocabAndMerges.Read(Path.Combine(Folder, "gpt2-style", "vocab.json")).Model);
        Texts.Any.Where(text => text.Length > 0).Sample(text =>
        {
            string word = ByteAlphabet.Spell(text);
            var ids = new List<int>();
            ours.Encode(word, ids);
            Assert.Equal(theirs.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false), ids);
        }, iter: 3000, threads: 1);
    }

    /// <summary>SentencePiece's joining against its definition: the highest score anywhere, the leftmost of those.</summary>
    [Theory]
    [InlineData(0, 30, 3000)]
    [InlineData(2100, 2500, 10)]
    public void Joining_by_score_is_what_its_definition_says(int least, int most, int times) => Gen.Select(
        Gen.Char['a', 'c'].Array[2, 5].Array[0, 15], Gen.Int[0, 4].Array[15], Gen.Char['a', 'c'].Array[least, most]).Sample((pieces, scores, text) =>
    {
        var vocabulary = new SentencePieceVocabulary(
            [
                new("<unk>", 0, SentencePieceKind.Unknown),
                .. pieces.Select(p => new string(p)).Distinct().Select((p, i) => new SentencePiece(p, -scores[i], SentencePieceKind.Normal)),
            ], "test");
        string all = new(text);
        Assert.Equal(Defined(all, vocabulary), new ScoreMerging().Split(all, vocabulary).Select(p => all.Substring(p.Start, p.Length)));
    }, iter: times);

    static List<string> Defined(string text, SentencePieceVocabulary vocabulary)
    {
        List<string> symbols = [.. text.Select(c => $"{c}")];
        while (true)
        {
            int best = -1;
            float score = 0;
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                int id = vocabulary.Joinable(symbols[i] + symbols[i + 1]);
                if (id >= 0 && (best < 0 || vocabulary.Pieces[id].Score > score)) (best, score) = (i, vocabulary.Pieces[id].Score);
            }
            if (best < 0) return symbols;
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    /// <summary>A piece that is unused comes apart into what it was made of, as deep as need be.</summary>
    [Fact]
    public void An_unused_piece_comes_apart()
    {
        var vocabulary = new SentencePieceVocabulary(
            [
                new("<unk>", 0, SentencePieceKind.Unknown), new("a", -3, SentencePieceKind.Normal), new("b", -3, SentencePieceKind.Normal),
                new("ab", -1, SentencePieceKind.Normal), new("abab", -2, SentencePieceKind.Unused), new("ababa", -2.5f, SentencePieceKind.Unused),
            ], "test");
        Assert.Equal([(0, 2), (2, 2), (4, 1)], new ScoreMerging().Split("ababa", vocabulary));
    }
}
