using System.Text;

namespace Castalia.Published;

/// <summary>The data files inside the assembly.</summary>
static class EmbeddedText
{
    /// <summary>A file's text; UTF-8.</summary>
    /// <param name="file">Its name.</param>
    public static string Of(string file)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The resource {file} is missing from the assembly.");
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return reader.ReadToEnd();
    }
}
