using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Xml.Linq;
using Castalia.Training;
using Castalia.Twins;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Castalia.Tests.Library;

/// <summary>The examples beside public members: each compiles against what is public, and runs.</summary>
public sealed class ExamplesTests(ExamplesTests.Fixture fixture) : IClassFixture<ExamplesTests.Fixture>
{
    static readonly Assembly[] s_libraries = [typeof(LanguageModel).Assembly, typeof(Laboratory).Assembly];

    /// <summary>By the name of the member that it stands beside.</summary>
    static readonly IReadOnlyDictionary<string, string> s_examples = s_libraries.SelectMany(Documents).ToDictionary(StringComparer.Ordinal);

    public static TheoryData<string> Members => [.. s_examples.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Members))]
    public void It_runs_and_shows_something(string member)
    {
        using var folder = new TemporaryFolder();
        var shown = fixture.Run(member, Path.Combine(folder.Path, "runs"));
        if (s_examples[member].Contains("Show(", StringComparison.Ordinal)) Assert.NotEmpty(shown);
    }

    /// <summary>Members of enumerations, what every record has, and delegates are shown by those that take them.</summary>
    [Fact]
    public void Every_public_member_is_in_one()
    {
        string all = string.Join('\n', s_examples.Values);
        var missing = from library in s_libraries
                      from type in library.GetExportedTypes()
                      where !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
                      from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                      where member is PropertyInfo { Name: not "Item" } || (member is MethodInfo { IsSpecialName: false } method && !IsOfAnyRecord(method))
                      where !all.Contains($".{member.Name}", StringComparison.Ordinal) && !all.Contains($"{member.Name} =", StringComparison.Ordinal)
                      select $"{type.Name}.{member.Name}";
        Assert.Equal("", string.Join('\n', missing.Order(StringComparer.Ordinal)));
    }

    static bool IsOfAnyRecord(MethodInfo method) => method.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$" or "PrintMembers";

    static IEnumerable<KeyValuePair<string, string>> Documents(Assembly library) =>
        from member in XDocument.Load(Path.ChangeExtension(library.Location, ".xml")).Descendants("member")
        from code in member.Elements("example").Elements("code")
        select KeyValuePair.Create((string)member.Attribute("name")!, code.Value.Trim('\n'));

    /// <summary>All examples, compiled once.</summary>
    public sealed class Fixture : IDisposable
    {
        readonly TemporaryFolder _folder = new();
        readonly LanguageModel _model;
        readonly string _prompts;
        readonly Type _examples;
        readonly List<object?> _shown;
        readonly string[] _names = [.. s_examples.Keys.Order(StringComparer.Ordinal)];

        public Fixture()
        {
            string checkpoint = ShippedTwins.Ensure(ShippedTwins.All[0], _folder.Path, say: null, CancellationToken.None);
            GiveLetters(Path.Combine(checkpoint, "tokenizer.json"));
            _model = LanguageModel.Open(checkpoint, threads: 2);
            _prompts = _folder.Write("prompts.jsonl", "{\"ids\": [1, 2, 3], \"category\": \"a\"}\n{\"ids\": [2, 5, 4, 1], \"category\": \"b\"}\n");
            _examples = Compile().GetType("Examples", throwOnError: true)!;
            _shown = (List<object?>)_examples.GetField("Shown")!.GetValue(null)!;
        }

        /// <summary>The tokens of the network's own language, a syllable each, become letters and the space.</summary>
        static void GiveLetters(string tokenizer)
        {
            string text = File.ReadAllText(tokenizer);
            foreach (var (i, letter) in "abcdefghijklmnopqrstuvwxyz ".Index()) text = text.Replace(LanguageTokenizer.Piece(3 + i), $"{letter}", StringComparison.Ordinal);
            File.WriteAllText(tokenizer, text);
        }

        internal IReadOnlyList<object?> Run(string member, string runs)
        {
            _shown.Clear();
            _examples.GetMethod($"Example{Array.IndexOf(_names, member)}")!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [_model, runs, _prompts], null);
            return _shown;
        }

        Assembly Compile()
        {
            var text = new StringBuilder("""
                using System; using System.Collections.Generic; using System.Linq; using System.Threading; using Castalia; using Castalia.Architectures; using Castalia.Hypotheses;
                public static class Examples
                {
                    public static readonly List<object?> Shown = new();
                    static void Show(params object?[] values) => Shown.AddRange(values);

                """);
            foreach (var (i, name) in _names.Index())
                text.Append("public static void Example").Append(i).AppendLine("(LanguageModel model, string folder, string prompts) {").Append("#line 1 \"").Append(name).AppendLine("\"").AppendLine(s_examples[name]).AppendLine("#line default").AppendLine("}");
            text.AppendLine("}");
            var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
            // Of another name than the tests, which see more than what is public.
            var compilation = CSharpCompilation.Create(
                "CastaliaExamples", [CSharpSyntaxTree.ParseText(text.ToString())], references, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
            using var image = new MemoryStream();
            var emitted = compilation.Emit(image);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
            image.Position = 0;
            return AssemblyLoadContext.GetLoadContext(typeof(ExamplesTests).Assembly)!.LoadFromStream(image);
        }

        public void Dispose()
        {
            _model.Dispose();
            _folder.Dispose();
        }
    }
}
