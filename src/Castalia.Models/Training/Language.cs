using Castalia.Untrained;

namespace Castalia.Training;

/// <summary>A generated language whose next-token distribution is known exactly at every position.</summary>
/// <remarks>
/// A text begins with token 0 and is made of sentences: a subject, words, a mark, the verb, a full stop. A word, a subject or what follows a name is continued as the last
/// token and the register of the one before it say: by one word, or by 2 to 16 words, names and the mark, the i-th with weight 1/i; words are taken into these lists in
/// proportion to 1/√rank, so that in texts they follow Zipf's law with an exponent near 1. After the mark comes a verb of the subject's gender, of which there are 1, 2, 4 or 8. After a name comes, where the text holds the name already, what followed it
/// there, else one of 16. Settled words lead to words of a higher place in a fixed shuffle, so that no text runs in circles.
/// All choices are whole numbers from SplitMix64 by index: a seed gives the same language and the same texts on every machine.
/// </remarks>
sealed class Language
{
    /// <summary>Token that begins every text.</summary>
    public const int Beginning = 0;

    /// <summary>Token that ends every sentence.</summary>
    public const int Stop = 1;

    internal const int Mark = 2, Subjects = 16, Genders = 4, Verbs = 15, Names = 8, Payloads = 16, Registers = 2;

    internal const int FirstSubject = 3, FirstVerb = FirstSubject + Subjects, FirstName = FirstVerb + Verbs, FirstPayload = FirstName + Names, FirstWord = FirstPayload + Payloads;

    const int MostContinuations = 16, Harmonic = 720_720; // the least number that 1 to 16 divide
    const int Millionths = 1_000_000, Tries = 64;

    readonly ulong _list, _shuffle;
    readonly int[] _ranks; // cumulated weights of the words
    readonly Continuations[] _words; // [register × token]
    readonly Continuations _subjects = OneToAll(FirstSubject, Subjects), _payloads = OneToAll(FirstPayload, Payloads), _stop = new(ContextKind.Settled, [Stop], [1]);
    readonly Continuations[] _verbs = [.. Enumerable.Range(0, Genders).Select(gender => Falling(ContextKind.Agreeing, [.. Enumerable.Range(VerbsFrom(gender), 1 << gender)]))];
    readonly Continuations[] _copies = [.. Enumerable.Range(FirstPayload, Payloads).Select(token => new Continuations(ContextKind.Copied, [token], [1]))];

    /// <param name="options">Which language.</param>
    /// <exception cref="InputException">A number out of range.</exception>
    public Language(LanguageOptions options)
    {
        options.Check("language");
        Options = options;
        _list = NormalDeviates.Key(options.Seed, "language/lists");
        _shuffle = NormalDeviates.Key(options.Seed, "language/shuffle");
        int words = options.Vocabulary - FirstWord;
        _ranks = new int[words + 1];
        for (int i = 0; i < words; i++) _ranks[i + 1] = _ranks[i] + (int)((1 << 20) / Math.Sqrt(i + 1));
        _words = [.. Enumerable.Range(0, Registers * options.Vocabulary).Select(context => WordContext(context / options.Vocabulary, context % options.Vocabulary))];
    }

    /// <summary>Which language it is.</summary>
    public LanguageOptions Options { get; }

    /// <summary>What can follow a text.</summary>
    /// <param name="text">Its tokens, <see cref="Beginning"/> first.</param>
    /// <exception cref="ArgumentException">No text of the language can begin so.</exception>
    public Continuations After(ReadOnlySpan<int> text)
    {
        var reader = new LanguageReader(this);
        for (int t = 0; t < text.Length; t++)
        {
            if (t == 0 ? text[t] != Beginning : reader.Next.Probability(text[t]) == 0)
                throw new ArgumentException(FormattableString.Invariant($"Token {text[t]} cannot stand at position {t}."), nameof(text));
            reader.Read(text[t]);
        }
        return reader.Next;
    }

    /// <summary>A text.</summary>
    /// <param name="seed">Seed of the texts.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="tokens">Its length, <see cref="Beginning"/> included.</param>
    public LanguageText Text(ulong seed, long index, int tokens)
    {
        ulong key = NormalDeviates.Key(seed, "language/texts");
        var reader = new LanguageReader(this);
        int[] ids = new int[tokens];
        var after = new Continuations[tokens];
        for (int t = 0; t < tokens; t++)
        {
            ids[t] = t == 0 ? Beginning : after[t - 1].At(NormalDeviates.Below(key, index * tokens + t, after[t - 1].Total));
            reader.Read(ids[t]);
            after[t] = reader.Next;
        }
        return new(ids, after);
    }

    /// <summary>Which gender a subject has.</summary>
    internal int GenderOf(int subject) => NormalDeviates.Below(_shuffle, -1 - subject, Genders);

    /// <summary>What a token says of the one after next.</summary>
    internal static int RegisterOf(int token) => token & 1;

    /// <summary>What can follow a token that neither names nor ends anything.</summary>
    internal Continuations AfterWord(int register, int token) => _words[register * Options.Vocabulary + token];

    /// <summary>What can begin a sentence.</summary>
    internal Continuations AtSentence => _subjects;

    /// <summary>What follows a verb.</summary>
    internal Continuations AfterVerb => _stop;

    /// <summary>What follows a name that is new.</summary>
    internal Continuations AfterNewName => _payloads;

    /// <summary>What follows a name that was followed by a token before.</summary>
    internal Continuations AfterOldName(int payload) => _copies[payload - FirstPayload];

    /// <summary>The verbs of a gender.</summary>
    internal Continuations AfterMark(int gender) => _verbs[gender];

    internal static int VerbsFrom(int gender) => FirstVerb + (1 << gender) - 1;

    static Continuations OneToAll(int first, int count) => Falling(ContextKind.Open, [.. Enumerable.Range(first, count)]);

    /// <summary>The i-th of some tokens with weight 1/i.</summary>
    static Continuations Falling(ContextKind kind, int[] tokens) => new(kind, tokens, [.. tokens.Select((_, i) => Harmonic / (i + 1))]);

    Continuations WordContext(int register, int token)
    {
        long at = ((long)register * Options.Vocabulary + token) * 1024;
        if (NormalDeviates.Below(_list, at, Millionths) < Options.Settled * Millionths && SettledBy(at, token) is { } word) return new(ContextKind.Settled, [word], [1]);
        int count = 2 + NormalDeviates.Below(_list, at + 1, MostContinuations - 1);
        var tokens = new List<int>(count);
        for (int i = 0; tokens.Count < count && i < 8 * MostContinuations; i++)
        {
            int candidate = Candidate(at + 128 + 3 * i);
            if (!tokens.Contains(candidate)) tokens.Add(candidate);
        }
        return Falling(ContextKind.Open, [.. tokens]);
    }

    /// <summary>The one word that follows: drawn as for the lists, among those of a higher place.</summary>
    int? SettledBy(long at, int token)
    {
        for (int i = 0; i < Tries; i++)
            if (Word(at + 2 + i) is var word && PlaceOf(word) > PlaceOf(token)) return word;
        return null;
    }

    /// <summary>Of 16 candidates 2 are the mark and 5 a name.</summary>
    int Candidate(long at) => NormalDeviates.Below(_list, at, 16) switch
    {
        < 2 => Mark,
        < 7 => FirstName + NormalDeviates.Below(_list, at + 1, Names),
        _ => Word(at + 1),
    };

    int Word(long at)
    {
        int found = Array.BinarySearch(_ranks, NormalDeviates.Below(_list, at, _ranks[^1]));
        return FirstWord + (found >= 0 ? found : ~found - 1);
    }

    /// <summary>A place in the shuffle; subjects and what follows names stand before all words.</summary>
    int PlaceOf(int token) => token < FirstWord ? -1 : NormalDeviates.Below(_shuffle, token, int.MaxValue);
}
