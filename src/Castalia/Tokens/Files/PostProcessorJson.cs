namespace Castalia.Tokens;

/// <summary>The <c>post_processor</c> of a tokenizer.json: which special tokens stand around a single text.</summary>
static class PostProcessorJson
{
    /// <summary>Ids before and after the text.</summary>
    /// <exception cref="Errors.InputException">Damaged, or a post-processor that is not supported.</exception>
    public static (List<int> Prefix, List<int> Suffix) Read(TokenizerNode? node)
    {
        List<int> prefix = [], suffix = [];
        if (node is { } processor) Add(processor, prefix, suffix);
        return (prefix, suffix);
    }

    static void Add(TokenizerNode node, List<int> prefix, List<int> suffix)
    {
        string type = node.Get("type").Text;
        switch (type)
        {
            case "ByteLevel": // trims offsets; ids stay
                node.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
                break;
            case "Sequence":
                foreach (var part in node.Only("type", "processors").Get("processors").Items()) Add(part, prefix, suffix);
                break;
            case "TemplateProcessing":
                AddTemplate(node.Only("type", "single", "pair", "special_tokens"), prefix, suffix);
                break;
            case "BertProcessing" or "RobertaProcessing":
                node.Only("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                prefix.Insert(0, Second(node.Get("cls")));
                suffix.Add(Second(node.Get("sep")));
                break;
            default:
                throw node.Unsupported($"Post-processor '{type}'");
        }
    }

    static int Second(TokenizerNode pair) =>
        pair.Items().ToList() is [_, var id] ? id.Id : throw pair.Wrong("Expected a token and its id.");

    static void AddTemplate(TokenizerNode node, List<int> prefix, List<int> suffix)
    {
        bool seen = false;
        var before = new List<int>();
        foreach (var item in node.Get("single").Items())
        {
            item.Only("Sequence", "SpecialToken");
            if (item.Find("Sequence") is { } sequence)
            {
                if (seen) throw item.Wrong("The template for a single text holds the text twice.");
                if (sequence.Only("id", "type_id").Get("id").Text != "A") throw item.Wrong("The template for a single text asks for a second one.");
                seen = true;
            }
            else
            {
                string name = item.Get("SpecialToken").Only("id", "type_id").Get("id").Text;
                var token = node.Get("special_tokens").Get(name).Only("id", "ids", "tokens");
                (seen ? suffix : before).AddRange(token.Get("ids").Items().Select(id => id.Id));
            }
        }
        if (!seen) throw node.Wrong("The template for a single text leaves the text out.");
        prefix.InsertRange(0, before);
    }
}
