using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>pre_tokenizer</c> of a tokenizer file as rules; anything not understood is refused by name.</summary>
static class PreTokenizers
{
    /// <summary>The rules in order, and whether a space is put before a text that does not begin with one.</summary>
    public static (IReadOnlyList<PieceRule> Rules, bool AddPrefixSpace) Read(string path, TokenizerNode? node)
    {
        var rules = new List<PieceRule>();
        bool? prefixSpace = null;
        if (node is { IsNull: false } preTokenizer) Add(path, preTokenizer, rules, ref prefixSpace);
        // Without the byte-level step the vocabulary would not be spelt in bytes at all.
        return prefixSpace is { } space ? (rules, space) : throw TokenizerErrors.Unsupported(path, "pre_tokenizer", "A pre-tokenizer without ByteLevel");
    }

    static void Add(string path, TokenizerNode node, List<PieceRule> rules, ref bool? prefixSpace)
    {
        string type = node.Get("type").Text;
        if (prefixSpace is not null) throw TokenizerErrors.Unsupported(path, "pre_tokenizer", $"Pre-tokenizer '{type}' after ByteLevel");
        switch (type)
        {
            case "Sequence":
                foreach (var part in node.Get("pretokenizers").Items()) Add(path, part, rules, ref prefixSpace);
                break;
            case "ByteLevel":
                prefixSpace = node.Get("add_prefix_space").Bool;
                if (prefixSpace.Value && rules.Count > 0)
                    throw TokenizerErrors.Unsupported(path, "pre_tokenizer", "add_prefix_space after another pre-tokenizer");
                if (node.Find("use_regex") is not { } useRegex || useRegex.Bool) rules.Add(PieceRule.Gpt2);
                break;
            case "Digits":
                rules.Add(node.Find("individual_digits") is { } single && single.Bool ? PieceRule.SingleDigits : PieceRule.DigitRuns);
                break;
            case "Split":
                rules.Add(Split(path, node));
                break;
            default:
                throw TokenizerErrors.Unsupported(path, "pre_tokenizer", $"Pre-tokenizer '{type}'");
        }
    }

    static PieceRule Split(string path, TokenizerNode node)
    {
        string behavior = node.Get("behavior").Text;
        if (behavior != "Isolated") throw TokenizerErrors.Unsupported(path, "pre_tokenizer.behavior", $"Split behaviour '{behavior}'");
        if (node.Find("invert") is { IsNull: false } invert && invert.Bool) throw TokenizerErrors.Unsupported(path, "pre_tokenizer.invert", "An inverted split");
        var pattern = node.Get("pattern");
        if (pattern.Find("Regex") is not { } regex) throw TokenizerErrors.Unsupported(path, "pre_tokenizer.pattern", $"Split pattern {pattern.Element.GetRawText()}");
        return PieceRules.OfPattern(regex.Text) ?? throw TokenizerErrors.Unsupported(path, "pre_tokenizer.pattern", $"Split pattern '{regex.Text}'");
    }
}

/// <summary>The <c>post_processor</c> of a tokenizer file: which special tokens stand around a single text.</summary>
static class PostProcessors
{
    /// <summary>Ids before and after the text.</summary>
    public static (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) Read(string path, TokenizerNode? node)
    {
        List<int> prefix = [], suffix = [];
        if (node is { IsNull: false } processor) Add(path, processor, prefix, suffix);
        return (prefix, suffix);
    }

    static void Add(string path, TokenizerNode node, List<int> prefix, List<int> suffix)
    {
        string type = node.Get("type").Text;
        switch (type)
        {
            case "ByteLevel": // trims offsets; ids stay
                break;
            case "Sequence":
                foreach (var part in node.Get("processors").Items()) Add(path, part, prefix, suffix);
                break;
            case "TemplateProcessing":
                AddTemplate(node, prefix, suffix);
                break;
            default:
                throw TokenizerErrors.Unsupported(path, "post_processor", $"Post-processor '{type}'");
        }
    }

    static void AddTemplate(TokenizerNode node, List<int> prefix, List<int> suffix)
    {
        bool seen = false;
        var before = new List<int>();
        foreach (var item in node.Get("single").Items())
        {
            if (item.Find("Sequence") is not null)
            {
                if (seen) throw item.Wrong("The template for a single text holds the text twice.");
                seen = true;
            }
            else
            {
                string name = item.Get("SpecialToken").Get("id").Text;
                (seen ? suffix : before).AddRange(node.Get("special_tokens").Get(name).Get("ids").Items().Select(id => id.Id));
            }
        }
        if (!seen) throw node.Wrong("The template for a single text leaves the text out.");
        prefix.InsertRange(0, before);
    }
}
