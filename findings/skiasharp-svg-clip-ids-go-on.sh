#!/bin/sh
# SkiaSharp 3.119.0: the SVG of a drawing depends on what the process drew before, as soon as anything is clipped.
#
# SKSvgCanvas numbers gradients from 0 in every document, but clips over the whole process: the first picture had cl_3, the same picture drawn again cl_4. Everything drawn is
# equal and the bytes are not, so that hashes, caches and comparisons of SVG figures (plotting libraries above Skia clip every axis; ScottPlot 5.1.59 shows it too) fail from the
# second figure on, and change with the order in which figures are made. The bitmaps of both are equal.
# Needs the .NET 10 SDK and NuGet. Ends with 1 if the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > try.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="SkiaSharp" Version="[3.119.0]" />
    <PackageReference Include="SkiaSharp.NativeAssets.Linux.NoDependencies" Version="[3.119.0]" />
  </ItemGroup>
</Project>
X
cat > Program.cs <<'X'
using SkiaSharp;
using System.Text;
using System.Text.RegularExpressions;

void Draw(SKCanvas canvas)
{
    using var shade = new SKPaint { Shader = SKShader.CreateLinearGradient(new(10, 50), new(110, 50), [SKColors.Black, SKColors.White], SKShaderTileMode.Clamp) };
    canvas.ClipRect(new SKRect(5, 5, 100, 50));
    canvas.DrawRect(10, 10, 100, 45, shade);
}
string Svg()
{
    using var stream = new MemoryStream();
    using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, 120, 60), stream)) Draw(canvas);
    return Encoding.UTF8.GetString(stream.ToArray());
}
byte[] Pixels()
{
    using var bitmap = new SKBitmap(120, 60);
    using (var canvas = new SKCanvas(bitmap)) Draw(canvas);
    return bitmap.Bytes;
}
string Ids(string svg) => string.Join(", ", Regex.Matches(svg, "id=\"([^\"]*)\"").Select(match => match.Groups[1].Value).Order());
string first = Svg(), second = Svg();
string[] ids = [Ids(first), Ids(second)];
Console.Error.WriteLine(string.Join("; ", ids));
Console.WriteLine($"gradients: {string.Join("; ", ids.Select(some => some.Split(", ")[^1]))}");
Console.WriteLine($"clips have the same number: {ids[0].Split(", ")[0] == ids[1].Split(", ")[0]}");
Console.WriteLine($"equal bytes: SVG {first == second}, bitmap {Pixels().SequenceEqual(Pixels())}");
X
dotnet run | tee seen.txt
cat > expected.txt <<'X'
gradients: gradient_0; gradient_0
clips have the same number: False
equal bytes: SVG False, bitmap True
X
diff expected.txt seen.txt
