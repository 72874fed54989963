namespace Castalia.Tokens;

/// <summary>The patterns of tokenizer files that other formats only name; each compiled when it is asked for.</summary>
static class KnownPatterns
{
    const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    /// <summary>Llama 3's: contractions in either case, a leading sign with its word, digits by at most three.</summary>
    public static Pattern Llama3 => field ??= Pattern.Regex(
        $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{Spaces}");

    /// <summary>Qwen 2's: Llama 3's with digits one by one.</summary>
    public static Pattern Qwen2 => field ??= Pattern.Regex(
        $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{Spaces}");

    /// <summary>Mistral's Tekken: words end where capitals begin anew.</summary>
    public static Pattern Tekken => field ??= Pattern.Regex(
        $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{Spaces}");

    /// <summary>GPT-4o's: Tekken's with contractions and digits by at most three.</summary>
    public static Pattern Gpt4o => field ??= Pattern.Regex(
        $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Contractions}?|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Contractions}?|\p{{N}}{{1,3}}|" +
        $@" ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{Spaces}");

    /// <summary>BLOOM's: a word is what holds no white space, bracket, bar or punctuation mark of its list.</summary>
    public static Pattern Bloom => field ??= Pattern.Regex(@" ?[^(\s|[.,!?…。，、।۔،])]+");
}
