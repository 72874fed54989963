namespace Castalia.Training;

/// <summary>What of a text decides how it goes on, token by token.</summary>
sealed class LanguageReader
{
    readonly Language _language;
    readonly int[] _followed = new int[Language.Names]; // 0 where the name is new
    int _last = -1, _register, _gender;

    /// <param name="language">The language.</param>
    public LanguageReader(Language language) => (_language, Next) = (language, language.AtSentence);

    /// <summary>What can follow what was read.</summary>
    public Continuations Next { get; private set; }

    /// <summary>Takes the next token in.</summary>
    public void Read(int token)
    {
        int before = _last;
        if (IsName(before)) _followed[before - Language.FirstName] = token;
        _register = before < 0 ? 0 : Language.RegisterOf(before);
        if (token is >= Language.FirstSubject and < Language.FirstVerb) _gender = _language.GenderOf(token);
        _last = token;
        Next = token switch
        {
            Language.Beginning or Language.Stop => _language.AtSentence,
            Language.Mark => _language.AfterMark(_gender),
            >= Language.FirstVerb and < Language.FirstName => _language.AfterVerb,
            _ when IsName(token) => _followed[token - Language.FirstName] is > 0 and var payload ? _language.AfterOldName(payload) : _language.AfterNewName,
            _ => _language.AfterWord(_register, token),
        };
    }

    static bool IsName(int token) => token is >= Language.FirstName and < Language.FirstPayload;
}

/// <summary>A text of a generated language.</summary>
/// <param name="Ids">Its tokens.</param>
/// <param name="After">The true distribution of what follows each.</param>
sealed record LanguageText(IReadOnlyList<int> Ids, IReadOnlyList<Continuations> After)
{
    /// <summary>Mean entropy of the tokens from the second on, each given those before it, nats: the least cross-entropy that a model can have in the mean.</summary>
    public double MeanEntropy => After.SkipLast(1).Average(after => after.Entropy);
}
