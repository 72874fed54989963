namespace Castalia.Reports;

/// <summary>What names of tensors have in common.</summary>
static class TensorPrefix
{
    /// <summary>What all names begin with, up to and with a point.</summary>
    public static string Of(IReadOnlyList<string> names)
    {
        int n = names.Min(name => name.Length);
        while (names.Any(name => !name.StartsWith(names[0][..n], StringComparison.Ordinal))) n--;
        return names[0][..(names[0][..n].LastIndexOf('.') + 1)];
    }
}
